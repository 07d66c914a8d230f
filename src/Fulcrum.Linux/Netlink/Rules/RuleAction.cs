namespace Fulcrum.Linux.Netlink.Rules;

/// <summary>What becomes of a packet that a rule matches (FR_ACT_*).</summary>
public enum RuleAction : byte
{
    /// <summary>A table is asked.</summary>
    Lookup = 1,
    Goto = 2,
    Nothing = 3,
    Blackhole = 6,
    Unreachable = 7,
    Prohibit = 8,
}
