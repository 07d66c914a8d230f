using System.Net;

namespace Fulcrum.Engine.Admission;

/// <summary>One prefix of a service's lists.</summary>
/// <param name="Prefix">As it was written.</param>
/// <param name="Admits">Whether it stands in the allow list.</param>
public sealed record AccessRule(IPNetwork Prefix, bool Admits);
