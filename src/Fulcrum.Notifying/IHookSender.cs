using Fulcrum.Model.Hooks;

namespace Fulcrum.Notifying;

/// <summary>Carries what is told to where it goes.</summary>
internal interface IHookSender
{
    /// <summary>Complete when it has arrived.</summary>
    /// <exception cref="HookException">It has not; says why, without secrets.</exception>
    Task SendAsync(Hook hook, ReadOnlyMemory<byte> telling, CancellationToken cancellation);
}
