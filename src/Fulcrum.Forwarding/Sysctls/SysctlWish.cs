namespace Fulcrum.Forwarding.Sysctls;

/// <summary>A value that a kernel parameter shall have.</summary>
/// <param name="Path">Below /proc/sys, with slashes, as names of interfaces may have dots: <c>net/ipv4/ip_forward</c>.</param>
/// <param name="Fine">Other values that are as good: it stays if it has one.</param>
public sealed record SysctlWish(string Path, string Value, params string[] Fine)
{
    internal bool IsMetBy(string value) => value == Value || Fine.Contains(value);
}
