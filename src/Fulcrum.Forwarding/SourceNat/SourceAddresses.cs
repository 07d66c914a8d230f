using System.Net;

namespace Fulcrum.Forwarding.SourceNat;

/// <summary>The addresses from a rule's first to its last.</summary>
internal static class SourceAddresses
{
    /// <summary>Whoever writes more meant a prefix: each address has a filter of its own for every backend.</summary>
    public const int Most = 256;

    /// <summary>None: first and last are no range, or it is too long.</summary>
    public static IReadOnlyList<IPAddress> Of(SourceRule rule)
    {
        if (rule.Last is not { } last || rule.First.Equals(last))
        {
            return [rule.First];
        }

        var addresses = new List<IPAddress>();
        var bytes = rule.First.GetAddressBytes();
        while (rule.First.AddressFamily == last.AddressFamily && addresses.Count < Most)
        {
            addresses.Add(new(bytes));
            if (addresses[^1].Equals(last))
            {
                return addresses;
            }

            for (var i = bytes.Length - 1; i >= 0 && ++bytes[i] == 0; i--)
            {
                // The carry goes on to the byte before.
            }
        }

        return [];
    }
}
