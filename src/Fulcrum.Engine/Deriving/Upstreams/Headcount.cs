namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>How many of some members are well.</summary>
/// <param name="Total">All that count, also those that are off.</param>
/// <param name="Healthy">Of them, those that may serve and are known to be healthy.</param>
/// <param name="Able">Of them, those that may serve and are not known to be unhealthy.</param>
internal readonly record struct Headcount(int Total, int Healthy, int Able)
{
    public int Unknown => Able - Healthy;

    public Headcount With(Member member) =>
        new(Total + 1, Healthy + (member.IsKnownHealthy ? 1 : 0), Able + (member.IsAble ? 1 : 0));

    public static Headcount operator +(Headcount one, Headcount other) =>
        new(one.Total + other.Total, one.Healthy + other.Healthy, one.Able + other.Able);
}
