using System.Runtime.InteropServices;
using Fulcrum.Hosting;
using Fulcrum.TestKit;

namespace Fulcrum.Tests;

[Collection(nameof(Alone))]
public sealed class SignalsTests
{
    [Fact]
    public async Task A_reload_that_was_ordered_before_anybody_could_do_it_is_not_lost()
    {
        using var signals = new Signals();
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var later = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => heard.TrySetResult());
        Tool.Run("kill", "-HUP", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await Wait.For(heard.Task, "the signal");
        var reloaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        signals.OnReload(() => reloaded.TrySetResult());
        await Wait.For(reloaded.Task, "the reload");
    }
}
