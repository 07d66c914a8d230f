using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Bench.Live;

/// <summary>Puts one of two programs in the other's place, again and again, until it is disposed of.</summary>
internal sealed class Replacing : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(1);

    private readonly ManualResetEventSlim _isOver = new();
    private readonly Task _work;

    public Replacing(BpfLink link, BpfProgram one, BpfProgram other) =>
        _work = Task.Run(() =>
        {
            do
            {
                link.Replace(Times % 2 == 0 ? other : one);
                Times++;
            } while (!_isOver.Wait(Pace));
        });

    /// <summary>How often so far.</summary>
    public int Times { get; private set; }

    public void Dispose()
    {
        _isOver.Set();
        _work.GetAwaiter().GetResult();
        _isOver.Dispose();
    }
}
