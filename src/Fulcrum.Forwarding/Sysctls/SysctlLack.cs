namespace Fulcrum.Forwarding.Sysctls;

/// <summary>A parameter that is not as it should be.</summary>
/// <param name="Value">What it is; null: it is not there, or cannot be read.</param>
/// <param name="CanBeSet">This process may change it.</param>
public sealed record SysctlLack(SysctlWish Wish, string? Value, bool CanBeSet)
{
    /// <summary>It is the balancer's own, and there with it.</summary>
    public bool IsOfBalancer => Wish.Path.StartsWith("net/ipv4/vs/", StringComparison.Ordinal);

    public override string ToString() =>
        Value is null ? $"{Wish.Path} is not there" : $"{Wish.Path} is {Value} and should be {Wish.Value}";
}
