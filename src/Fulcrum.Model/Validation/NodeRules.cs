using System.Net;

namespace Fulcrum.Model.Validation;

internal static class NodeRules
{
    public static void Check(Findings findings, Snapshot snapshot)
    {
        using (findings.In("nodes"))
        {
            var owners = new Dictionary<IPAddress, string>();
            foreach (var node in snapshot.Nodes)
            {
                using var at = findings.In(node.Name);
                foreach (var address in node.Addresses)
                {
                    if (!owners.TryAdd(address, node.Name))
                    {
                        findings.Error($"address {address} is already that of node '{owners[address]}'");
                    }
                }

                if (node.Threads is < 1 or > 1024)
                {
                    using var field = findings.In("threads");
                    findings.Error($"found {node.Threads}", "1 to 1024 loops");
                }

                foreach (var name in node.Offload.GroupBy(name => name).Where(same => same.Count() > 1))
                {
                    using var field = findings.In("offload");
                    findings.Error($"interface '{name.Key}' is named twice");
                }

                if (node.Handshakes is < 1 or > 1_000_000)
                {
                    using var field = findings.In("handshakes");
                    findings.Error($"found {node.Handshakes}", "1 to 1000000 handshakes");
                }
            }
        }
    }
}
