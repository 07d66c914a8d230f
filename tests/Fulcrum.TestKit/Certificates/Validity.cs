namespace Fulcrum.TestKit.Certificates;

/// <summary>From when to when a certificate is valid.</summary>
public sealed record Validity(DateTimeOffset From, DateTimeOffset To)
{
    public static Validity Current { get; } = Years(-1, 1);

    public static Validity Expired { get; } = Years(-2, -1);

    public static Validity NotYet { get; } = Years(1, 2);

    /// <summary>Years from now, which is the wall clock's, as certificates are judged by it.</summary>
    public static Validity Years(int from, int to)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new(now.AddYears(from), now.AddYears(to));
    }
}
