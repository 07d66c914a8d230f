using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>What is known of one adapter's objects.</summary>
/// <param name="Objects">All that may be there.</param>
/// <param name="InDoubt">
/// Of them those that are just being made or taken away, or where that failed and nobody has looked since.
/// </param>
internal sealed record Sighting<TKey, T>(Map<TKey, T> Objects, Map<TKey, T> InDoubt)
    where TKey : class
    where T : class
{
    public static Sighting<TKey, T> Nothing { get; } = new(Map<TKey, T>.Empty, Map<TKey, T>.Empty);

    /// <summary>The object is there for certain.</summary>
    public bool IsCertain(TKey key) => Objects.ContainsKey(key) && !InDoubt.ContainsKey(key);

    /// <summary>Both know the same of the object.</summary>
    public bool IsAlike(Sighting<TKey, T> other, TKey key) =>
        Equals(Objects[key], other.Objects[key]) && InDoubt.ContainsKey(key) == other.InDoubt.ContainsKey(key);

    /// <summary>Somebody begins to make or to take it away.</summary>
    public Sighting<TKey, T> Doubting(TKey key, T item) => new(Objects.With(key, item), InDoubt.With(key, item));

    /// <summary>It is there as this; null: it is not there.</summary>
    public Sighting<TKey, T> Knowing(TKey key, T? item) =>
        new(item is null ? Objects.Without(key) : Objects.With(key, item), InDoubt.Without(key));
}
