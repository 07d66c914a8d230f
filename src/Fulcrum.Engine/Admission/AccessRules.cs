using System.Net;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Admission;

/// <summary>
/// Who may use a service: the most specific prefix that holds the client decides. One table of prefixes for each
/// length that occurs, asked from the longest down, so that the cost is the number of lengths and not of prefixes.
/// </summary>
public sealed class AccessRules
{
    private readonly (int Length, Dictionary<AddressBits, AccessRule> Rules)[] _lengths;

    public AccessRules(ClientRules client)
    {
        var lengths = new SortedDictionary<int, Dictionary<AddressBits, AccessRule>>();
        Add(client.Allow, true);
        // A prefix in both lists is denied.
        Add(client.Deny, false);
        _lengths = [.. lengths.Reverse().Select(pair => (pair.Key, pair.Value))];
        AdmitsOthers = client.Allow.IsEmpty;

        void Add(Items<IPNetwork> networks, bool admits)
        {
            foreach (var network in networks)
            {
                var length = AddressBits.LengthOf(network);
                if (!lengths.TryGetValue(length, out var rules))
                {
                    lengths[length] = rules = [];
                }

                rules[AddressBits.Of(network.BaseAddress).Leading(length)] = new(network, admits);
            }
        }
    }

    public static AccessRules Everybody { get; } = new(ClientRules.None);

    /// <summary>What becomes of clients that no prefix holds, and of those that have no IP address.</summary>
    public bool AdmitsOthers { get; }

    public bool Admits(AddressBits client) => RuleFor(client)?.Admits ?? AdmitsOthers;

    /// <summary>The rule that decides about the client; null: no prefix holds it.</summary>
    public AccessRule? RuleFor(AddressBits client)
    {
        foreach (var (length, rules) in _lengths)
        {
            // All of IPv6, ::/0, is none of IPv4, although it holds the v4-mapped form.
            if (length < AddressBits.MappedLength && client.IsIPv4)
            {
                break;
            }

            if (rules.TryGetValue(client.Leading(length), out var rule))
            {
                return rule;
            }
        }

        return null;
    }
}
