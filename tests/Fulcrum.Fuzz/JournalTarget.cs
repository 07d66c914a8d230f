using System.Buffers.Binary;
using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Journaling.Files;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Fuzz;

/// <summary>
/// Any bytes as the journal's files: it opens, or refuses a newer version and touches nothing; what it loaded is there
/// when it opens again, and what is added then, too. The bytes are one file, or one wherever a header seems to begin;
/// once as they are, once with checksums that are right.
/// </summary>
internal sealed class JournalTarget : IFuzzTarget
{
    private const int MostFiles = 4;
    private const int Checked = 12; // What the header's checksum covers.

    public string Name => "journal";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/journal"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var files = Split(input);
        Check([input.ToArray()]);
        Check(files);
        files.ForEach(Seal);
        Check(files);
    }

    private static List<byte[]> Split(ReadOnlySpan<byte> input)
    {
        var files = new List<byte[]>();
        while (files.Count < MostFiles - 1 && input.Length > 1 && input[1..].IndexOf("FULCRUMJ"u8) is var at and >= 0)
        {
            files.Add(input[..(at + 1)].ToArray());
            input = input[(at + 1)..];
        }

        files.Add(input.ToArray());
        return files;
    }

    private static void Seal(byte[] file)
    {
        if (file.Length < JournalFormat.HeaderLength)
        {
            return;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(Checked), Crc32C.Of(file.AsSpan(0, Checked)));
        var rest = file.AsSpan(JournalFormat.HeaderLength);
        while (rest.Length >= JournalFormat.RecordPrefix)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
            if (length < JournalFormat.RecordPrefix || length > rest.Length)
            {
                return;
            }

            // No journal lives for more commits than this.
            var sequence = BinaryPrimitives.ReadInt64LittleEndian(rest[8..]) & (JournalFormat.MaxSequence / 2 - 1);
            JournalFormat.Seal(rest[..length], sequence);
            rest = rest[length..];
        }
    }

    private static void Check(IReadOnlyList<byte[]> files)
    {
        var disk = new MemoryJournalDisk();
        foreach (var (index, file) in files.Index())
        {
            disk[$"journal-{index + 1}"] = file;
        }

        try
        {
            var loaded = Use(disk, journal => journal.Recovery.ToString());
            var extended = Use(
                disk,
                journal =>
                {
                    Require(journal.Entries.Equals(loaded), "other entries when it is opened again");
                    Require(journal.Recovery.Problems.IsEmpty, "problems when it is opened again");
                    Finish(journal.AppendAsync([new("one", "more")]));
                }
            );
            Use(disk, journal => Require(journal.Entries.Equals(extended), "what was added is not there"));
        }
        catch (JournalException error) when (error.Failure == JournalFailure.NewerVersion)
        {
            Require(disk.Names.Select(name => disk[name]).Zip(files, Same).All(same => same), "it was touched");
        }

        static bool Same(byte[] found, byte[] file) => found.AsSpan().SequenceEqual(file);
    }

    private static Map<string, string> Use(MemoryJournalDisk disk, Action<Journal> use)
    {
        var journal = Finish(Journal.OpenAsync(disk, new(), CancellationToken.None));
        use(journal);
        Finish(journal.DisposeAsync().AsTask());
        return journal.Entries;
    }

    // Nothing here waits for anything.
    private static void Finish(Task task)
    {
        Require(task.IsCompleted, "it waits");
        task.GetAwaiter().GetResult();
    }

    private static T Finish<T>(Task<T> task)
    {
        Finish((Task)task);
        return task.Result;
    }

    private static void Require(bool isRight, string otherwise)
    {
        if (!isRight)
        {
            throw new FuzzFailureException(otherwise);
        }
    }
}
