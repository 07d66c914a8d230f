using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Services;

namespace Fulcrum.Engine.Deriving.Services;

/// <summary>Whether a service is on: what the file says, unless an operator says otherwise.</summary>
internal static class ServiceSwitch
{
    /// <summary>Its backends are to be watched: it is on, or only an operator has it off for a while.</summary>
    public static bool IsMeant(EngineInputs inputs, Service service) =>
        service.Enabled || inputs.Overrides[TargetOf(service.Name)]?.Action == OverrideAction.Enable;

    /// <summary>Why it is off, and when that may change; no reason: it is on.</summary>
    public static (Reason? Off, DateTimeOffset? WakeAt) WhyOff(
        EngineInputs inputs,
        Service? service,
        DateTimeOffset now
    )
    {
        if (service is null)
        {
            return (new NotConfigured(), null);
        }

        if (inputs.Overrides[TargetOf(service.Name)] is { } decision && !(decision.Expires <= now))
        {
            var off = decision.Action is OverrideAction.Disable or OverrideAction.Drain;
            return (off ? new Overridden(decision) : null, decision.Expires);
        }

        return (service.Enabled ? null : new DisabledInFile(), null);
    }

    private static OverrideTarget TargetOf(string service) => new(OverrideTargetKind.Service, service);
}
