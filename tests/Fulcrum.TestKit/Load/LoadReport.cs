using System.Text;

namespace Fulcrum.TestKit.Load;

/// <summary>What a run of load saw so far; safe to read while it runs.</summary>
public sealed class LoadReport
{
    private const int MostKeptFailures = 10_000;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, long> _labels = new(StringComparer.Ordinal);
    private readonly SortedDictionary<FailureKind, long> _kinds = [];
    private readonly List<FailureRecord> _failures = [];
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private long _successes;

    /// <summary>Since the run began.</summary>
    public TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_start);

    /// <summary>Good answers.</summary>
    public long Successes => Interlocked.Read(ref _successes);

    /// <summary>Requests without a good answer.</summary>
    public long Failed
    {
        get
        {
            lock (_lock)
            {
                return _kinds.Values.Sum();
            }
        }
    }

    /// <summary>The first 10,000 failures, when and why.</summary>
    public IReadOnlyList<FailureRecord> Failures
    {
        get
        {
            lock (_lock)
            {
                return _failures.ToArray();
            }
        }
    }

    /// <summary>Good answers by the label of the backend that gave them.</summary>
    public IReadOnlyDictionary<string, long> ByLabel
    {
        get
        {
            lock (_lock)
            {
                return new SortedDictionary<string, long>(_labels, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>How many failures were of a kind.</summary>
    public long CountOf(FailureKind kind)
    {
        lock (_lock)
        {
            return _kinds.GetValueOrDefault(kind);
        }
    }

    /// <summary>Numbers, labels and the first failures: the message of an assertion.</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            var text = new StringBuilder(
                $"{_successes} succeeded, {_kinds.Values.Sum()} failed in {Elapsed.TotalSeconds:0.0} s"
            );
            text.AppendJoin("", _labels.Select(label => $"; {label.Key}: {label.Value}"));
            text.AppendJoin("", _kinds.Select(kind => $"; {kind.Key}: {kind.Value}"));
            text.AppendJoin(
                "",
                _failures.Take(10).Select(failure => $"\n  at {failure.At.TotalSeconds:0.000} s: {failure.Failure}")
            );
            return text.ToString();
        }
    }

    internal void Succeeded(string label)
    {
        Interlocked.Increment(ref _successes);
        lock (_lock)
        {
            _labels[label] = _labels.GetValueOrDefault(label) + 1;
        }
    }

    internal void Add(Failure failure, int requestOnConnection)
    {
        var at = Elapsed;
        lock (_lock)
        {
            _kinds[failure.Kind] = _kinds.GetValueOrDefault(failure.Kind) + 1;
            if (_failures.Count < MostKeptFailures)
            {
                _failures.Add(new FailureRecord(at, failure, requestOnConnection));
            }
        }
    }
}
