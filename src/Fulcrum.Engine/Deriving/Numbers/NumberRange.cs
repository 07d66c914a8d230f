namespace Fulcrum.Engine.Deriving.Numbers;

/// <summary>The numbers that one kind has, both ends included.</summary>
internal readonly record struct NumberRange(int First, int Last)
{
    public static NumberRange Of(NumberKind kind) =>
        kind switch
        {
            NumberKind.ServiceMark => new(256, 8255),
            NumberKind.ProbeMark => new(65536, 81535),
            NumberKind.Backend => new(1, (1 << 20) - 1),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of number"),
        };

    public bool Contains(int value) => value >= First && value <= Last;
}
