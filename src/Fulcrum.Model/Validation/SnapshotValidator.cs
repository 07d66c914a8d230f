namespace Fulcrum.Model.Validation;

/// <summary>
/// What a whole configuration must satisfy beyond the form of its fields: names that lead somewhere, claims that
/// do not collide, numbers that fit each other. Pure; finds everything, not just the first.
/// </summary>
public static class SnapshotValidator
{
    /// <param name="suggest">Say what was probably meant. Costs a walk over all names for each that leads nowhere.</param>
    public static IReadOnlyList<Finding> Validate(Snapshot snapshot, bool suggest = true)
    {
        var findings = new Findings(suggest);
        ApiRules.Check(findings, snapshot);
        AcmeRules.Check(findings, snapshot);
        TlsRules.Check(findings, snapshot);
        NodeRules.Check(findings, snapshot);
        InterfaceRules.Check(findings, snapshot);
        IpvsRules.Check(findings, snapshot);
        XdpRules.Check(findings, snapshot);
        UpstreamRules.Check(findings, snapshot);
        ServiceRules.Check(findings, snapshot);
        ListenerRules.CheckClaims(findings, snapshot);
        ConnectRules.Check(findings, snapshot);
        TunnelRules.Check(findings, snapshot);
        KernelRules.Check(findings, snapshot);
        RouteRules.Check(findings, snapshot);
        VipRules.Check(findings, snapshot);
        AnnouncementRules.Check(findings, snapshot);
        PoolRules.Check(findings, snapshot);
        return findings.All;
    }
}
