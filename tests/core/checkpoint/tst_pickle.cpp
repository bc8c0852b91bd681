// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/pickle.h"

#include "checkpoint/torch_objects.h"
#include "checkpoint_builder.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

/// Reads `bytes` and describes the value as Python would print it.
std::string described(const PickleGraph& graph, PickleId id)
{
    const PickleNode& node = graph.at(id);
    std::string items;
    for (const PickleId item : node.items)
        items += (items.empty() ? "" : ",") + described(graph, item);
    switch (node.kind) {
    case PickleKind::Tuple:
        return "(" + items + ")";
    case PickleKind::List:
        return "[" + items + "]";
    case PickleKind::Dict:
        return "{" + items + "}";
    case PickleKind::Set:
        return "set(" + items + ")";
    case PickleKind::Bytes:
        return "b'" + std::string(node.text) + "'";
    case PickleKind::BigInteger:
        return "big";
    case PickleKind::Persistent:
        return "stored" + items;
    case PickleKind::Object:
        return className(graph, id) + described(graph, node.arguments) +
               (node.items.empty() ? "" : "{" + items + "}") +
               (node.elements == noPickle ? "" : described(graph, node.elements)) +
               (node.state == noPickle ? "" : "/" + described(graph, node.state));
    default:
        return keyText(graph, id);
    }
}

std::string described(const std::string& bytes)
{
    const auto file = fileOf(bytes);
    const PickleGraph graph = readPickle(file->bytes(), "test.pth");
    return described(graph, graph.root);
}

std::string repeated(const std::string& text, int times)
{
    std::string out;
    for (int i = 0; i < times; ++i)
        out += text;
    return out;
}

} // namespace

class PickleTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEveryProtocol_data();
    void readsEveryProtocol();
    void namesWithoutCalling_data();
    void namesWithoutCalling();
    void refusesDamage_data();
    void refusesDamage();
    void everyTruncationIsAnError();
    void deepNestingNeedsNoStack();
    void limitsWhatOneFileMayAskFor_data();
    void limitsWhatOneFileMayAskFor();
    void namesOfKeysStayShort();
    void readsNumpyScalars_data();
    void readsNumpyScalars();
};

void PickleTest::readsEveryProtocol_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("value");
    const auto row = [](const char* name, const std::string& bytes, const char* value) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString::fromUtf8(value);
    };
    const auto hexRow = [](const char* name, const char* hex, const char* value) {
        QTest::newRow(name) << QByteArray::fromHex(hex) << QString::fromUtf8(value);
    };
    // What Python's pickle.dumps gives for {'a': [1, -70000, 2.5, True, None], 'b': (1,),
    // 'c': 'café'}.
    const char* value = "{a,[1,-70000,2.5,True,None],b,(1),c,caf\xc3\xa9}";
    row("protocol 0",
        "(dp0\nVa\np1\n(lp2\nI1\naI-70000\naF2.5\naI01\naNasVb\np3\n(I1\ntp4\nsVc\np5\nVcaf\xe9\n"
        "p6\ns.",
        value);
    hexRow("protocol 1",
           "7d71002858010000006171015d7102284b014a90eefeff4740040000000000004930310a4e655801000000"
           "627103284b0174710458010000006371055805000000636166c3a97106752e",
           value);
    hexRow("protocol 2",
           "80027d71002858010000006171015d7102284b014a90eefeff474004000000000000884e65580100000062"
           "71034b0185710458010000006371055805000000636166c3a97106752e",
           value);
    hexRow("protocol 4",
           "80049533000000000000007d94288c0161945d94284b014a90eefeff474004000000000000884e658c0162"
           "944b0185948c0163948c05636166c3a994752e",
           value);
    row("escapes of protocol 0", "(lS'it\\'s \\x41'\naV\\u00e9\\u20ac\na.",
        "[it's A,\xc3\xa9\xe2\x82\xac]");
    row("long integers",
        "\x80\x02]" + std::string("(\x8a\x00\x8a\x01\xff\x8a\x02\x00\x80", 10) +
            "L12L\nL-99999999999999999999L\ne.",
        "[0,-1,-32768,12,big]");
    hexRow("a set", "80049507000000000000008f94284b01902e", "set(1)");
    hexRow("a frozen set", "8004950600000000000000284b0191942e", "set(1)");
    hexRow("bytes of protocol 3", "80034302686971002e", "b'hi'");
    row("a reference out of the pickle", "\x80\x02" + text("key") + "Q.", "storedkey");
    row("a reference in protocol 0", "Pkey\n.", "storedkey");
    row("the same list twice",
        "]q" + std::string(1, '\0') + "h" + std::string(1, '\0') + "K\x05" + "a\x86.", "([5],[5])");
}

void PickleTest::readsEveryProtocol()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, value);
    QCOMPARE(described(bytes.toStdString()), value.toStdString());
}

void PickleTest::namesWithoutCalling_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("value");
    const auto row = [](const char* name, const std::string& bytes, const char* value) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString(value);
    };
    row("argparse.Namespace, protocol 0",
        "ccopy_reg\n_reconstructor\np0\n(cargparse\nNamespace\np1\nc__builtin__\nobject\np2\nNtp3\n"
        "Rp4\n(dp5\nVlr\np6\nI1\nsb.",
        "argparse.Namespace(<class 'argparse.Namespace'>,<class "
        "'builtins.object'>,None)/{lr,1}");
    row("argparse.Namespace, protocol 2",
        pickle("cargparse\nNamespace\n)\x81}X\x02" + std::string(3, '\0') + "lrK\x01sb"),
        "argparse.Namespace()/{lr,1}");
    row("a command", "cos\nsystem\n(S'rm -rf /'\ntR.", "os.system(rm -rf /)");
    row("a command by class name on the stack",
        "\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02ls\x85R.", "os.system(ls)");
    row("an instance of protocol 0", "(S'ls'\nios\nsystem\n.", "os.system(ls)");
    row("an object of protocol 1", "(cos\nsystem\nS'ls'\no.", "os.system(ls)");
    row("keyword arguments",
        "\x80\x04"
        "c__main__\nA\n)}\x92.",
        "__main__.A()");
    row("an ordered dictionary",
        pickle("ccollections\nOrderedDict\n)RX\x01" + std::string(3, '\0') + "aK\x01s}" +
               text("_metadata") + "Nsb"),
        "{a,1}");
    row("an ordered dictionary of pairs",
        pickle("ccollections\nOrderedDict\n]]" + text("a") + "aK\x01" + "aa\x85R"), "{a,1}");
    row("a default dictionary",
        pickle("ccollections\ndefaultdict\nc__builtin__\nlist\n\x85R" + text("a") + "K\x01s"),
        "{a,1}");
    row("a double-ended queue",
        pickle("ccollections\ndeque\n]K\x05\x86RK\x01"
               "a"),
        "collections.deque([],5)[1]");
    row("a dictionary of one's own", pickle("cmine\nDict\n)\x81" + text("a") + "K\x01s"),
        "mine.Dict(){a,1}");
}

void PickleTest::namesWithoutCalling()
{
    readsEveryProtocol();
}

void PickleTest::refusesDamage_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const std::string& bytes, const char* sentence) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString(sentence);
    };
    row("empty stack", ".", "a value is missing before byte 1");
    row("append to nothing",
        "K\x01"
        "a.",
        "a value is missing");
    row("value below the mark", "K\x01(Q.", "a value is missing");
    row("append to a number",
        "K\x01K\x02"
        "a.",
        "appended to something that is no list");
    row("entry in a list", "]K\x01K\x02s.", "set in something that is no dictionary");
    row("key without value", "}(K\x01u.", "a key without a value");
    row("state of a number", "K\x01}b.", "given to something that is no object");
    row("call of a number", "K\x01)R.", "made from something that is no class");
    row("arguments of a number", "cos\nsystem\nK\x01R.", "arguments of a call are no tuple");
    row("class named by a number", "K\x01K\x02\x93.", "the name of a class is not a text");
    row("memo never set", "h\x05.", "refers to value 5, which is not there");
    row("memo below zero", "Np-1\n.", "is no number of a value");
    row("mark missing", "t.", "a mark is missing");
    row("text longer than the file",
        "X\xff\xff\xff\xff"
        "abc.",
        "4294967295 bytes expected");
    row("text of 2^64 bytes", "\x8d" + std::string(8, '\xff') + "a.",
        "18446744073709551615 bytes expected");
    row("bytes longer than the file", "B\x10" + std::string(3, '\0') + "a.", "16 bytes expected");
    row("long of negative length", "\x8b" + std::string(4, '\xff') + ".", "bytes expected");
    row("line without end", "I12", "has no end");
    row("no number", "Iabc\n.", "'abc' is no number");
    row("text without quotes", "Sabc\n.", "lacks its quotes");
    row("unknown opcode", "\xff.", "opcode 255 at byte 0 is not known");
    row("extension registry", "\x82\x01.", "opcode 130 at byte 0 is not known");
    row("out-of-band buffer", "\x97.", "leaves its arrays to buffers outside of the file");
    row("protocol of the future", "\x80\x09N.", "pickle protocol 9 is not known");
    row("dictionary of no pairs", "ccollections\nOrderedDict\n](NNNta\x85R.", "no pair");
}

void PickleTest::refusesDamage()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, sentence);
    const std::string error = errorOf([&] { described(bytes.toStdString()); });
    QCOMPARE(error.substr(0, 10), std::string("test.pth: "));
    QVERIFY2(error.find(sentence.toStdString()) != std::string::npos, error.c_str());
}

void PickleTest::everyTruncationIsAnError()
{
    const std::string whole =
        pickle(dict({{"epoch", integer(3)}, {"w", tensor({{2, 3}, {3, 1}, "0", 6, 0})}}));
    QVERIFY(!described(whole).empty());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::string error = errorOf([&] { described(whole.substr(0, size)); });
        QVERIFY2(error.find("is damaged") != std::string::npos, error.c_str());
    }
}

void PickleTest::deepNestingNeedsNoStack()
{
    const auto file = fileOf(repeated("]", 1'000'000) + repeated("a", 999'999) + ".");
    const PickleGraph graph = readPickle(file->bytes(), "test.pth");
    QCOMPARE(graph.size, file->bytes().size());
    QCOMPARE(graph.at(graph.root).items.size(), std::size_t{1});
}

void PickleTest::limitsWhatOneFileMayAskFor_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char* name, const std::string& bytes) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes);
    };
    row("values", repeated("]", 1100) + ".");
    row("marks", repeated("(", 1100) + ".");
    row("copies on the stack", "N" + repeated("2", 1100) + ".");
    row("memo", "N" + repeated("\x94", 1100) + ".");
    row("dictionaries copied from one long list",
        "](" + repeated("NN\x86", 100) + "e\x85q\x01" +
            repeated("0ccollections\nOrderedDict\nh\x01R", 20) + ".");
}

void PickleTest::limitsWhatOneFileMayAskFor()
{
    QFETCH(QByteArray, bytes);
    const auto file = fileOf(bytes.toStdString());
    const std::string error = errorOf([&] { readPickle(file->bytes(), "test.pth", {1000}); });
    QVERIFY2(error.find("more than 1,000 values") != error.npos ||
                 error.find("too many values") != error.npos ||
                 error.find("too often") != error.npos,
             error.c_str());
}

void PickleTest::namesOfKeysStayShort()
{
    // Tuples of tuples of one long text: 8^4 copies of it if they were all written out.
    std::string value = text(std::string(1'000'000, 'a'));
    for (int depth = 0; depth < 4; ++depth)
        value = "(" + value + repeated("2", 7) + "t";
    const auto file = fileOf(pickle(value));
    const PickleGraph graph = readPickle(file->bytes(), "test.pth");
    QVERIFY(keyText(graph, graph.root).size() < 100'000);
}

void PickleTest::readsNumpyScalars_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<double>("value");
    const auto row = [](const char* name, const char* hex, double value) {
        QTest::newRow(name) << QByteArray::fromHex(hex) << value;
    };
    // pickle.dumps(numpy.float32(0.25), 2) and so on.
    row("float32, protocol 2",
        "8002636e756d70792e636f72652e6d756c746961727261790a7363616c61720a7100636e756d70790a64747970"
        "650a71015802000000663471028988877103527104284b0358010000003c71054e4e4e4affffffff4affffffff"
        "4b0074710662635f636f646563730a656e636f64650a710758050000000000c2803e710858060000006c617469"
        "6e31710986710a52710b86710c52710d2e",
        0.25);
    row("float32, protocol 4",
        "80049565000000000000008c156e756d70792e636f72652e6d756c74696172726179948c067363616c61729493"
        "948c056e756d7079948c0564747970659493948c02663494898887945294284b038c013c944e4e4e4affffffff"
        "4affffffff4b0074946243040000803e94869452942e",
        0.25);
    row("float64, protocol 2",
        "8002636e756d70792e636f72652e6d756c746961727261790a7363616c61720a7100636e756d70790a64747970"
        "650a71015802000000663871028988877103527104284b0358010000003c71054e4e4e4affffffff4affffffff"
        "4b0074710662635f636f646563730a656e636f64650a7107580a000000000000000000c3b8c2bf710858060000"
        "006c6174696e31710986710a52710b86710c52710d2e",
        -1.5);
    row("int64, protocol 2",
        "8002636e756d70792e636f72652e6d756c746961727261790a7363616c61720a7100636e756d70790a64747970"
        "650a71015802000000693871028988877103527104284b0358010000003c71054e4e4e4affffffff4affffffff"
        "4b0074710662635f636f646563730a656e636f64650a71075810000000c3b9c3bfc3bfc3bfc3bfc3bfc3bfc3bf"
        "710858060000006c6174696e31710986710a52710b86710c52710d2e",
        -7);
}

void PickleTest::readsNumpyScalars()
{
    QFETCH(QByteArray, bytes);
    QFETCH(double, value);
    const auto file = fileOf(bytes.toStdString());
    const PickleGraph graph = readPickle(file->bytes(), "test.pth");
    const auto scalar = scalarValue(graph, graph.root);
    QVERIFY(scalar.has_value());
    const double* real = std::get_if<double>(&*scalar);
    QCOMPARE(real ? *real : static_cast<double>(std::get<std::int64_t>(*scalar)), value);
}

QTEST_APPLESS_MAIN(PickleTest)
#include "tst_pickle.moc"
