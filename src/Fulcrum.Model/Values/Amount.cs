namespace Fulcrum.Model.Values;

/// <summary>A number of things, or a share of them: <c>2</c> or <c>60%</c>.</summary>
public readonly record struct Amount
{
    private Amount(double? share, int count)
    {
        Share = share;
        Count = count;
    }

    /// <summary>0..1 when this is a share, else null.</summary>
    public double? Share { get; }

    /// <summary>The number when this is not a share.</summary>
    public int Count { get; }

    public static Amount OfCount(int count) => new(null, count);

    /// <param name="share">0..1.</param>
    public static Amount OfShare(double share) => new(share, 0);

    public override string ToString() => Share is { } share ? $"{share * 100:0.###}%" : $"{Count}";
}
