using System.Globalization;
using Fulcrum.Engine.Journaling;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Engine.Tests.Journaling;

/// <summary>
/// Random lives of a journal, beside a map that is right by construction: changes alone and together, a disk that
/// fails in all its ways, kills and losses of power.
/// </summary>
public sealed class JournalPropertyTests
{
    [Fact]
    public async Task Whatever_happens_what_was_acknowledged_is_there_and_nothing_else()
    {
        var seed = Seeds.FromEnvironmentOrFresh();
        for (var life = 0; life < Soak.Count(10_000, atLeast: 500); life++)
        {
            var test = new Life(new Random(unchecked(seed + life)));
            try
            {
                await test.RunAsync();
            }
            catch (Exception error)
            {
                throw new InvalidOperationException(
                    $"life {life} of seed {seed}: {string.Join(", ", test.Steps)}",
                    error
                );
            }
        }
    }

    private sealed class Life(Random random)
    {
        private static readonly string[] Operations = ["append", "flush", "truncate", "rename", "delete", "list"];

        private readonly JournalOptions _options = new()
        {
            CompactAfterBytes = random.Next(1, 1500),
            QueueLength = random.Next(1, 10),
            MaxLiveBytes = random.Next(500, 3000),
        };

        private MemoryJournalDisk _disk = new();
        private Map<string, string> _expected = Map<string, string>.Empty;
        private int _values;

        public List<string> Steps { get; } = [];

        public async Task RunAsync()
        {
            for (var age = random.Next(1, 8); age > 0; age--)
            {
                _disk.StopAfter = random.Next(4) == 0 ? _disk.Operations + random.Next(60) : null;
                IReadOnlyList<Map<string, string>> possible = [_expected];
                try
                {
                    await using var journal = await Journal.OpenAsync(_disk, _options, CancellationToken.None);
                    Assert.Equal(_expected, journal.Entries);
                    possible = await UseAsync(journal);
                }
                catch (JournalException) when (IsDead)
                {
                    Steps.Add("killed while it opened");
                }

                await EndAsync(possible);
            }
        }

        private bool IsDead => _disk.Operations > _disk.StopAfter;

        /// <summary>What a restart may find after it.</summary>
        private async Task<IReadOnlyList<Map<string, string>>> UseAsync(Journal journal)
        {
            // Since the last success: what failed, and whether the disk also refused to take it back.
            var failed = new List<JournalChange[]>();
            var isRepaired = true;
            for (var step = random.Next(40); step > 0 && !IsDead; step--)
            {
                Disturb();
                var faults = _disk.Faults;
                var batches = Enumerable
                    .Range(0, random.Next(3) == 0 ? random.Next(1, 20) : 1)
                    .Select(_ => Batch())
                    .ToList();
                var gate = new TaskCompletionSource();
                _disk.Before = (_, _) => gate.Task;
                var appends = batches.ConvertAll(journal.AppendAsync);
                gate.SetResult();
                foreach (var (append, batch) in appends.Zip(batches))
                {
                    var failure = await Record.ExceptionAsync(() => append) as JournalException;
                    if (failure is null)
                    {
                        _expected = Written.Apply(_expected, batch);
                        failed.Clear();
                        isRepaired = true;
                    }
                    else if (failure.Failure == JournalFailure.Disk)
                    {
                        Assert.True(_disk.Faults > faults, failure.Message);
                        failed.Add(batch);
                    }
                }

                isRepaired &= _disk.Faults <= faults + 1 && !IsDead;
                Assert.Equal(_expected, journal.Entries);
            }

            Steps.Add(IsDead ? "killed" : "closed");
            return Possible(failed, isRepaired);
        }

        /// <summary>What failed may be found only when the disk refused also to take it back.</summary>
        private IReadOnlyList<Map<string, string>> Possible(List<JournalChange[]> failed, bool isRepaired) =>
            isRepaired
                ? [_expected]
                :
                [
                    _expected,
                    .. Enumerable.Range(0, failed.Count).SelectMany(first => Runs(_expected, failed[first..])),
                ];

        private static IEnumerable<Map<string, string>> Runs(Map<string, string> state, List<JournalChange[]> batches)
        {
            foreach (var batch in batches)
            {
                state = Written.Apply(state, batch);
                yield return state;
            }
        }

        // A fault waits for its operation, which may come in a later step.
        private void Disturb()
        {
            _disk.Capacity = long.MaxValue;
            switch (random.Next(10))
            {
                case 0:
                    Steps.Add("append fails");
                    _disk.FailNextAppend(random.Next(200));
                    break;
                case 1:
                    Steps.Add("flush fails");
                    _disk.FailNextFlush();
                    break;
                case 2:
                    Steps.Add("disk full");
                    _disk.Capacity = _disk.Size + random.Next(500);
                    break;
                case 3:
                    FailOne();
                    break;
                default:
                    break;
            }
        }

        private void FailOne()
        {
            var operation = Operations[random.Next(Operations.Length)];
            Steps.Add($"{operation} fails although it was done");
            _disk.After = (asked, _) =>
            {
                if (asked != operation)
                {
                    return Task.CompletedTask;
                }

                _disk.After = null;
                return Task.FromException(new IOException("Not today"));
            };
        }

        private async Task EndAsync(IReadOnlyList<Map<string, string>> possible)
        {
            _disk.Mend();
            if (random.Next(2) == 0)
            {
                Steps.Add("power lost");
                _disk = _disk.Crash(random);
            }

            await using var journal = await Journal.OpenAsync(_disk, _options, CancellationToken.None);
            Assert.Contains(journal.Entries, possible);
            Assert.Empty(journal.Recovery.Problems);
            Assert.Empty(journal.Recovery.SetAside);
            _expected = journal.Entries;
        }

        private JournalChange[] Batch() =>
            [
                .. Enumerable
                    .Range(0, random.Next(1, 5))
                    .Select(_ => new JournalChange(Text("key", random.Next(20)), random.Next(4) == 0 ? null : Value())),
            ];

        private string Value() => Text(new('v', random.Next(100)), ++_values);

        private static string Text(string word, int number) =>
            string.Create(CultureInfo.InvariantCulture, $"{word} {number}");
    }
}
