namespace Fulcrum.Bench;

/// <summary>Writes a configuration of any size: a service, an upstream and a check for each number.</summary>
internal static class LargeConfiguration
{
    /// <summary>At most 65,536 services, and 2^22 backends in all: that is what the addresses reach for.</summary>
    public static void Write(TextWriter to, int services, int backends)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(services, 1 << 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)services * backends, 1 << 22);
        to.WriteLine("upstreams:");
        for (var service = 0; service < services; service++)
        {
            to.WriteLine($"  pool-{service}:");
            to.WriteLine("    balance: maglev");
            to.WriteLine("    backends:");
            for (var backend = 0; backend < backends; backend++)
            {
                var number = (service * backends) + backend;
                var address = $"10.{128 + (number >> 16)}.{(number >> 8) & 255}.{number & 255}";
                to.WriteLine(
                    $"      - {{ address: {address}:8080, weight: {1 + (backend % 3)}, labels: {{ rack: r{backend % 4} }} }}"
                );
            }

            to.WriteLine("    checks: [ { http: /healthz } ]");
        }

        to.WriteLine("services:");
        for (var service = 0; service < services; service++)
        {
            to.WriteLine($"  service-{service}:");
            to.WriteLine($"    listen: tcp://10.{service >> 16}.{(service >> 8) & 255}.{service & 255}:80");
            to.WriteLine($"    upstream: pool-{service}");
        }
    }
}
