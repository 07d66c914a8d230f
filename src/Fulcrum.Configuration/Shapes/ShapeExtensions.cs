using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Shapes;

/// <summary>How shapes are put together.</summary>
internal static class ShapeExtensions
{
    extension<T>(Shape<T> shape)
    {
        /// <summary>A list of such, or one without the list.</summary>
        public ListShape<T> List() => new(shape);

        /// <summary>A list that must not be empty.</summary>
        public ListShape<T> Some() => new(shape) { NeedsOne = true };

        public MappedShape<T, TOther> To<TOther>(Func<T, TOther> make, Func<TOther, T> unmake) =>
            new(shape, make, unmake);
    }

    extension<T>(Shape<T> full)
        where T : notnull
    {
        /// <summary>Lets less stand for the whole.</summary>
        public ShortShape<T, TShort> Or<TShort>(
            Shape<TShort> brief,
            Func<TShort, T> expand,
            Func<T, TShort> contract
        ) => new(full, brief, expand, value => (true, contract(value)));

        /// <summary>Lets a list that is not empty stand for the whole.</summary>
        public ShortShape<T, Items<TItem>> OrSome<TItem>(
            Shape<TItem> item,
            Func<Items<TItem>, T> expand,
            Func<T, Items<TItem>> contract
        ) => new(full, item.Some(), expand, value => (!contract(value).IsEmpty, contract(value)));
    }

    /// <summary>Lets nothing stand for null.</summary>
    public static OptionalShape<T> OrNothing<T>(this Shape<T> shape)
        where T : class => new(shape);

    /// <summary>Lets <c>true</c> stand for the object with its defaults.</summary>
    public static SwitchShape<T> OrSwitch<T>(this ObjectShape<T> full)
        where T : class => new(full);

    public static MapShape<Items<TItem>, TValue> Pairs<TItem, TValue>(
        this Shape<TValue> value,
        ScalarShape<string> key,
        Func<string, TValue, TItem> make,
        Func<TItem, string> keyOf,
        Func<TItem, TValue> valueOf
    ) =>
        new(
            key,
            value,
            pairs => Items.From(pairs.Select(pair => make(pair.Key, pair.Value))),
            items => items.Select(item => KeyValuePair.Create(keyOf(item), valueOf(item)))
        );
}
