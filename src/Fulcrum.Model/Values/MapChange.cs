namespace Fulcrum.Model.Values;

/// <summary>What became of one key between two maps.</summary>
/// <param name="Before">Null when the key is new.</param>
/// <param name="After">Null when the key is gone.</param>
public readonly record struct MapChange<TKey, TValue>(TKey Key, TValue? Before, TValue? After)
    where TValue : class;
