namespace Fulcrum.Model.Values;

/// <summary>Ports from first to last, both included; 0..65535 is "every port", written <c>*</c>.</summary>
public readonly record struct PortRange(int First, int Last)
{
    public static PortRange Every { get; } = new(0, 65535);

    public bool IsSingle => First == Last;

    public bool IsEvery => this == Every;

    public static PortRange Of(int port) => new(port, port);

    public bool Contains(int port) => port >= First && port <= Last;

    public bool Overlaps(PortRange other) => First <= other.Last && other.First <= Last;

    public override string ToString() =>
        IsEvery ? "*"
        : IsSingle ? $"{First}"
        : $"{First}-{Last}";
}
