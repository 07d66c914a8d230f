using System.Globalization;
using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Services;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// Planes in the kernel know a backend by a sticky number, and a probe that is to go through them by a mark. Whoever
/// has an address has a number, whatever its duty: packets may still carry it.
/// </summary>
/// <param name="take">Gives out numbers; null: none can be given.</param>
internal sealed class Numbering(UpstreamContext context, Func<NumberKey, int?> take, DateTimeOffset now)
{
    /// <summary>Who got no number asks again so much later.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);

    private readonly bool _isWanted =
        context.View.Policy.Forward is Forwarding.Nat or Forwarding.Dsr or Forwarding.Tunnel;

    public void Set(Member member)
    {
        if (member.Address is null && (_isWanted || !member.Backend.Address.IsPath))
        {
            member.Hindrance = new NoAddress(member.Backend.Address.ToString());
        }
        else if (_isWanted)
        {
            member.Number = Take(member.Past?.Memory.Number?.Key ?? new(NumberKind.Backend, EndpointOf(member)));
            member.Hindrance = member.Number is null ? new NoNumber() : null;
            AskAgain(member, member.Number);
        }
    }

    /// <summary>The mark of a probe that is to go through the plane; null: it asks directly. False: none can be given.</summary>
    public bool TryMark(Check check, Member member, out int? mark)
    {
        if (_isWanted && check.Via == CheckVia.Forwarding)
        {
            if (context.View.ProbedAt is null)
            {
                mark = null;
                return false;
            }

            member.ProbeMark ??= Take(member.Past?.Memory.ProbeMark?.Key ?? new(NumberKind.ProbeMark, OwnerOf(member)));
            AskAgain(member, member.ProbeMark);
            mark = member.ProbeMark?.Value;
            return mark is not null;
        }

        mark = null;
        return true;
    }

    private void AskAgain(Member member, HeldNumber? given)
    {
        if (given is null)
        {
            member.Wake(now + AskAgainAfter);
        }
    }

    // Taken in each decision, also by those who have it: another view may have given it back meanwhile.
    private HeldNumber? Take(NumberKey key) => take(key) is { } value ? new(key, value) : null;

    private string OwnerOf(Member member) => $"{context.Upstream.Name}/{member.Id}@{member.Address}";

    private string EndpointOf(Member member) =>
        $"{OwnerOf(member)}:{member.Backend.Port?.ToString(CultureInfo.InvariantCulture) ?? "*"}";
}
