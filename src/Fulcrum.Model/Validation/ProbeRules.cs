using Fulcrum.Model.Checks;

namespace Fulcrum.Model.Validation;

/// <summary>What the fields of one check say about each other.</summary>
internal static class ProbeRules
{
    public static void Check(Findings findings, Check check)
    {
        if (check.Timing is { DownInterval: { } down, Interval: { } interval } && down < interval)
        {
            using var field = findings.In("down-interval");
            findings.Error("is shorter than the interval", "at least the interval: it grows to this");
        }

        if (check.Timing is { FastInterval: { } fast, Interval: { } usual } && fast > usual)
        {
            using var field = findings.In("fast-interval");
            findings.Error("is longer than the interval", "at most the interval");
        }

        if (check.Probe is RadiusProbe radius)
        {
            using var at = findings.In("radius");
            CheckRadius(findings, radius);
        }
        else if (check.Probe is HttpProbe { Version: HttpProbeVersion.Http2, ProxyForm: true })
        {
            using var at = findings.In(check.Probe.Kind);
            using var field = findings.In("proxy-form");
            findings.Error("is a form of HTTP/1.1", "version 1.1, or no proxy-form");
        }
    }

    private static void CheckRadius(Findings findings, RadiusProbe probe)
    {
        if (probe.Method != RadiusMethod.Status)
        {
            if (probe.User is null || probe.Password is null)
            {
                findings.Error("asks for a user", "'user' and 'password', or 'method: status'");
            }
        }
        else if (probe.User is not null || probe.Password is not null)
        {
            findings.Error("Status-Server asks for nobody", "no 'user' and no 'password'");
        }
    }
}
