// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QUndoStack>
#include <filesystem>
#include <optional>

#include "report/export.h"
#include "session/compute.h"
#include "session/export_plan.h"
#include "session/job.h"
#include "session/loading.h"
#include "session/selection.h"
#include "session/session_file.h"
#include "session/snapshot.h"

class QTimer;

namespace monotail {

class Thumbnails;
class Training;

/// The only state of the window: what is open, what was chosen, what follows from it. Views show
/// snapshot() and call change(); nothing else is shared between them but the selection.
class Session : public QObject
{
    Q_OBJECT

public:
    explicit Session(ComputeOptions compute = {}, QObject* parent = nullptr);
    ~Session() override;

    const Snapshot& snapshot() const { return m_snapshot; }
    QUndoStack& undoStack() { return m_undo; }
    ClassSelection& selection() { return m_selection; }
    JobRunner& jobs() { return m_jobs; }
    const JobRunner& jobs() const { return m_jobs; }

    /// Reads in the background; the choices start anew, with `choices` if given. Where counts or
    /// data cannot be read, the checkpoint opens without them and failed() says why.
    void open(const Inputs& inputs, const std::optional<Choices>& choices = {});
    void openSaved(const SavedSession& saved);
    /// Other data for what is open; what is open stays until they have been read.
    void setData(const std::string& source, const ImageOptions& images = {});
    /// The embedded example: "stage1", "crt" or "lws".
    void openDemo(const QString& part = QStringLiteral("stage1"));
    void close();

    /// One undo step called `what`. Between beginGesture() and endGesture() all changes are one.
    void change(const Choices& choices, const QString& what);
    void beginGesture();
    void endGesture();

    bool isReadingData() const; ///< accuracies will follow
    bool isExtracting() const;  ///< of images
    bool isSweeping() const;    ///< the curve of the parameter will follow
    bool isComparing() const;   ///< intervals and the table of methods will follow

    /// Another checkpoint beside this one, on the same samples; the sides are then the two.
    void compareWith(const Inputs& inputs);
    void setSides(const Sides& sides);
    /// Whether anyone looks at the comparison: it is made only then.
    void setPairWanted(bool wanted);
    bool isPairing() const; ///< another comparison will follow

    /// The samples behind the classes selected, or behind a cell of the confusion, which selects
    /// its classes. They are found, and told about, only while somebody looks.
    void setSampleView(const SampleView& view);
    void showCell(const SampleCell& cell);
    void setSample(std::optional<std::int64_t> sample); ///< the one to look at closely
    void setSamplesWanted(bool wanted);
    void setStoryWanted(bool wanted); ///< of the sample, and what all samples are lost by
    bool isPickingSamples() const;    ///< other samples will follow
    bool isExplaining() const;
    Thumbnails& thumbnails();

    /// Stage 2, and its runs. useHead() makes the head of a run the one that everything is about,
    /// with its number, or with 0 the checkpoint's own again.
    Training& training() { return *m_training; }
    void useHead(int run);

    /// Writes the head as rescaled now. Announces by exported() or failed().
    static QString exportTitle(const std::filesystem::path& target); ///< of its job
    bool isExporting() const;
    void exportCheckpoint(const std::filesystem::path& target, Overwrite overwrite,
                          ExportFormat format = ExportFormat::Automatic);
    /// What it would do; null while that is not known. planExport() finds it out in the background,
    /// once for each head and rescaling, and announces it by exportPlanned().
    std::shared_ptr<const ExportPlan> exportPlan() const;
    void planExport();

    /// What the user should know: of reading, of the fit, of the rescaling and what it harms.
    Warnings warnings() const;

Q_SIGNALS:
    void documentChanged(); ///< another file, or counts or data came; the rest follows
    void choicesChanged();  ///< profile and rescaling are new
    void accuracyChanged();
    void methodsChanged(); ///< or the headroom beside them
    void sweepChanged();
    void calibrationChanged();
    void pairChanged();    ///< the comparison class by class, its sides, or the other checkpoint
    void samplesChanged(); ///< or which are to be shown
    void storyChanged();   ///< of the sample, which one that is, or what all are lost by
    void priorChanged();   ///< the test prior alone: nothing has to be measured for it
    void exported(const monotail::ExportResult& result);
    void exportPlanned();
    void failed(const QString& sentence);

private:
    class ChoicesCommand;

    struct Opening
    {
        Inputs inputs;
        std::optional<Choices> choices; ///< absent: as a document opens by itself
        std::vector<std::int64_t> selection;
        std::string headDigest; ///< that the head should have; empty = any
        Warnings notes;
        TrainingPlan training;
    };
    void startOpening(const Opening& opening);
    void select(std::vector<std::int64_t> classes);
    void setDocument(std::shared_ptr<const Document> document, const Choices& choices);
    void showDocument(std::shared_ptr<const Document> document);
    /// Starts to read the data that the document names; returns what is missing for it, if so.
    QString loadData();
    QString loadData(const std::shared_ptr<const Document>& document);
    bool isWorse(const Loaded& loaded) const;
    void apply(const Choices& choices);
    /// Makes what is missing; returns why the method chosen could not be used, if so.
    QString derive();
    void requestAccuracy();
    bool isSettled(const LiveAccuracy& live) const;
    void requestShown();
    void requestMethods();
    void requestPair();
    void forgetPair();
    std::optional<SideSource> sideSource(const Side& side) const; ///< if it is known now
    void requestSamples();
    void requestStory();
    void requestCauses();
    void followSelection();
    void forgetSamples();
    void connectTraining();
    std::optional<TrainedHead> trainedHead() const;
    void showHead(std::shared_ptr<const Document> document, const Choices& choices);
    void requestSweep();
    void requestHeadroom();
    void requestCalibration();
    void forgetStudies();
    void enterMethods(const std::shared_ptr<const Evaluation>& methods);
    void keepFitting(); ///< of the studies, those of the choices as they are now
    void enterShown(const std::shared_ptr<const Evaluation>& shown);
    std::vector<std::shared_ptr<const Evaluation>> known() const; ///< may hold nulls

    ComputeOptions m_compute;
    Snapshot m_snapshot;
    QUndoStack m_undo;
    ClassSelection m_selection;
    std::shared_ptr<const Evaluation> m_shown; ///< of the rescaling shown lately, with intervals
    std::vector<std::shared_ptr<const SweepStudy>> m_sweeps; ///< of this document, newest last
    bool m_pairWanted = false, m_samplesWanted = false, m_storyWanted = false;
    Thumbnails* m_thumbnails;
    Training* m_training;
    std::optional<SweepKey> m_sweepAsked;
    std::optional<HeadroomKey> m_headroomAsked;
    std::shared_ptr<const ExportPlan> m_plan;   ///< of the last planExport() that is done
    std::shared_ptr<const Rescaling> m_planned; ///< that of the last one asked for
    QTimer* m_settle;  ///< single shot: choices have rested, the slow figures are worth making
    bool m_isExtracting = false; ///< what is read, or was read last, are images
    int m_gesture = 0; ///< number of the gesture under way; 0 = none
    int m_gestures = 0;
    JobRunner m_jobs; ///< last: its threads end before what they deliver to
};

} // namespace monotail
