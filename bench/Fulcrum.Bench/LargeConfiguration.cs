namespace Fulcrum.Bench;

/// <summary>Configurations of any size, in two manners.</summary>
internal static class LargeConfiguration
{
    /// <summary>Services with backends that are addresses and nothing else.</summary>
    public static void WritePlain(TextWriter to, int services, int backends)
    {
        Check(services, backends);
        to.WriteLine("services:");
        for (var service = 0; service < services; service++)
        {
            to.WriteLine($"  service-{service}:");
            to.WriteLine($"    listen: {Listener(service)}");
            to.WriteLine("    backends:");
            for (var backend = 0; backend < backends; backend++)
            {
                to.WriteLine($"      - {Backend((service * backends) + backend)}");
            }
        }
    }

    /// <summary>A service, and an upstream with balance, checks, weights and labels, for each number.</summary>
    public static void WriteRich(TextWriter to, int services, int backends)
    {
        Check(services, backends);
        to.WriteLine("upstreams:");
        for (var service = 0; service < services; service++)
        {
            to.WriteLine($"  pool-{service}:");
            to.WriteLine("    balance: maglev");
            to.WriteLine("    backends:");
            for (var backend = 0; backend < backends; backend++)
            {
                var address = Backend((service * backends) + backend);
                to.WriteLine(
                    $"      - {{ address: {address}, weight: {1 + (backend % 3)}, labels: {{ rack: r{backend % 4} }} }}"
                );
            }

            to.WriteLine("    checks: [ { http: /healthz } ]");
        }

        to.WriteLine("services:");
        for (var service = 0; service < services; service++)
        {
            to.WriteLine($"  service-{service}:");
            to.WriteLine($"    listen: {Listener(service)}");
            to.WriteLine($"    upstream: pool-{service}");
        }
    }

    // That is what the addresses reach for.
    private static void Check(int services, int backends)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(services, 1 << 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)services * backends, 1 << 22);
    }

    private static string Listener(int number) => $"tcp://10.{number >> 16}.{(number >> 8) & 255}.{number & 255}:80";

    private static string Backend(int number) => $"10.{128 + (number >> 16)}.{(number >> 8) & 255}.{number & 255}:8080";
}
