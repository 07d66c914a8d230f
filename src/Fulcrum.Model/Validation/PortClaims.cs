using Fulcrum.Model.Values;

namespace Fulcrum.Model.Validation;

/// <summary>Disjoint port ranges of one address and transport, each with the service that claimed it first.</summary>
internal sealed class PortClaims
{
    private readonly List<(PortRange Ports, string Service)> _claims = [];

    /// <summary>Takes the ports, or tells which service has some of them already.</summary>
    public string? Claim(PortRange ports, string service)
    {
        var index = FirstThatEndsAtOrAfter(ports.First);
        if (index < _claims.Count && _claims[index].Ports.Overlaps(ports))
        {
            return _claims[index].Service;
        }

        _claims.Insert(index, (ports, service));
        return null;
    }

    // The ranges are disjoint and sorted, so that their last ports are sorted too.
    private int FirstThatEndsAtOrAfter(int port)
    {
        var (low, high) = (0, _claims.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_claims[middle].Ports.Last < port)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
