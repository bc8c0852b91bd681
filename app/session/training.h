// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "session/job.h"
#include "session/training_run.h"

class QTimer;

namespace monotail {

/// Stage 2 in the window: what is to be trained, on which data, and every run. Runs are done one
/// after the other; other long jobs may come between two of them.
class Training : public QObject
{
    Q_OBJECT

public:
    Training(JobRunner& jobs, ComputeOptions compute, QObject* parent = nullptr);
    void setTrainerMaker(const MakeTrainer& make); ///< for tests

    /// With the checkpoint's own head; null: nothing is open. Other data for the same head leave
    /// the runs, which are measured on them; another head or other counts end them.
    void setDocument(const std::shared_ptr<const Document>& own);
    void setGroups(const ShotRule& rule);

    const TrainingPlan& plan() const { return m_plan; }
    void setPlan(const TrainingPlan& plan);
    /// Whether anyone looks: the data are read only then.
    void setWanted(bool wanted);
    bool isReading() const;
    std::shared_ptr<const OpenedTraining> opened() const { return m_opened; } ///< null: not read
    QString refusal() const;   ///< why no run can be started, as a sentence; empty: one can
    Warnings warnings() const; ///< of the data and the plan

    void start(); ///< as planned
    void cancel(int number);
    void cancelAll();
    void remove(int number); ///< one that has ended
    const std::vector<KeptRun>& runs() const { return m_runs; }
    const KeptRun* find(int number) const; ///< null if there is none
    const KeptRun* running() const;
    int waiting() const;

Q_SIGNALS:
    void planChanged();   ///< or its data were read, or what speaks against it
    void runsChanged();   ///< one came, went, began, ended or was measured
    void epochsChanged(); ///< of the one that runs
    void failed(const QString& sentence);

private:
    KeptRun* entry(int number);
    void readIfWanted();
    void next();
    void run(KeptRun& entry);
    void add(int number, const EpochRecord& record);
    void finish(const RunTask& task, const std::shared_ptr<const MeasuredRun>& result);
    void regroup();
    void end(int number, RunState state, const QString& problem);
    void ended(const QString& title, RunState state, const QString& problem);
    void measureAll();
    std::shared_ptr<const MeasuredRun> twinOf(const KeptRun& entry) const;

    JobRunner& m_jobs;
    ComputeOptions m_compute;
    MakeTrainer m_make = makeTorchTrainer;
    std::shared_ptr<const Document> m_document;
    ShotRule m_groups;
    TrainingPlan m_plan;
    std::shared_ptr<const OpenedTraining> m_opened;
    QString m_problem; ///< why the sources could not be read
    bool m_wanted = false;
    std::vector<KeptRun> m_runs; ///< by number
    int m_number = 0, m_requests = 0;
    QString m_reading, m_title; ///< of the jobs under way
    QTimer* m_tell;             ///< epochs come faster than anybody looks
};

} // namespace monotail
