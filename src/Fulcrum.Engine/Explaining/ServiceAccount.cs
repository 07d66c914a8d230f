using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Explaining;

internal static class ServiceAccount
{
    public static Account? Of(DerivedState state, Subject subject)
    {
        if (state.Services[subject.Name] is not { } service)
        {
            return null;
        }

        var upstreams = service
            .Views.All.Select(view => view.Upstream)
            .Distinct(StringComparer.Ordinal)
            .Select(name => new Part(
                new(SubjectKind.Upstream, name),
                state.ViewsOf(name).Any(view => view.Verdict != Verdict.Healthy)
            ));
        return new()
        {
            Subject = subject,
            State = StateOf(service),
            Reasons = Items.From(ReasonsOf(state, service)),
            Causes = service.Reason.Cause is { } cause ? [cause] : [],
            Parts = Items.From(
                OverrideAccount
                    .About(state, OverrideTargetKind.Service, subject.Name)
                    .Concat(CertificateAccount.ShownBy(state, subject.Name))
                    .Concat(upstreams)
            ),
        };
    }

    private static string StateOf(DerivedService service) =>
        service.Leaving ? "leaving"
        : service.Carrier is null && !IsForwardedByOthers(service) ? "not carried"
        : Words.Of(service.Verdict);

    private static IEnumerable<string> ReasonsOf(DerivedState state, DerivedService service)
    {
        yield return service.Reason.Text;
        if (service.Carrier is { } carrier)
        {
            yield return $"carried by plane {Words.Of(carrier)}";
            foreach (var refusal in Choice.PassedOver(state.Inputs, service))
            {
                yield return $"not by plane {refusal}";
            }
        }
        else if (IsForwardedByOthers(service))
        {
            yield return "forwarded by others";
        }
    }

    private static bool IsForwardedByOthers(DerivedService service) =>
        !service.Views.All.IsEmpty && service.Views.All.All(view => view.Policy.Forward == Forwarding.None);
}
