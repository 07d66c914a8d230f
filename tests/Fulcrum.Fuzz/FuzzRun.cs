using System.Security.Cryptography;

namespace Fulcrum.Fuzz;

/// <summary>
/// One counted run over one target, on a thread of its own: when an input takes longer than the bound, the watcher
/// still has it, says so and gives up.
/// </summary>
internal sealed class FuzzRun(IFuzzTarget target, string folder, TimeSpan bound)
{
    private const int MostFailures = 10;
    private const int LinesShown = 12;

    private readonly List<string> _failures = [];
    private volatile byte[] _current = [];
    private int _done;

    public IReadOnlyList<string> Failures => _failures;

    public int Done => Volatile.Read(ref _done);

    public void Execute(IEnumerable<byte[]> inputs)
    {
        using var finished = new ManualResetEventSlim();
        var worker = new Thread(() => Work(inputs, finished), 16 << 20) { IsBackground = true };
        worker.Start();
        var before = -1;
        while (!finished.Wait(bound))
        {
            if (Done == before)
            {
                Fail(_current, $"took longer than {bound.TotalSeconds} s");
                return;
            }

            before = Done;
        }
    }

    private void Work(IEnumerable<byte[]> inputs, ManualResetEventSlim finished)
    {
        foreach (var input in inputs)
        {
            _current = input;
            Try(input);
            Interlocked.Increment(ref _done);
            if (_failures.Count == MostFailures)
            {
                break;
            }
        }

        finished.Set();
    }

    private void Try(byte[] input)
    {
        try
        {
            target.Run(input);
        }
        catch (Exception exception)
        {
            Fail(input, string.Join('\n', exception.ToString().Split('\n').Take(LinesShown)));
        }
    }

    private void Fail(byte[] input, string reason)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Join(folder, $"{target.Name}-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}");
        File.WriteAllBytes(path, input);
        _failures.Add($"{path}: {reason}");
    }
}
