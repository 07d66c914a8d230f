using Fulcrum.Output;

namespace Fulcrum.Getting;

/// <summary>Columns that mean the same for several kinds, and give way in the same order everywhere.</summary>
internal static class SharedColumns
{
    public static Column Active { get; } = new("ACTIVE") { Right = true, Drop = 2 };

    public static Column Total { get; } = new("TOTAL") { Right = true, Drop = 7 };

    public static Column In { get; } = Bytes("IN");

    public static Column Out { get; } = Bytes("OUT");

    public static Column Labels { get; } =
        new("LABELS")
        {
            Wide = true,
            Drop = 10,
            Least = 9,
            Optional = true,
        };

    public static Column Source { get; } =
        new("SOURCE")
        {
            Wide = true,
            Drop = 11,
            Least = 9,
        };

    private static Column Bytes(string title) =>
        new(title)
        {
            Right = true,
            Wide = true,
            Drop = 8,
        };
}
