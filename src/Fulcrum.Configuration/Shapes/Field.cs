using Fulcrum.Configuration.Nodes;

namespace Fulcrum.Configuration.Shapes;

/// <summary>One key of an object.</summary>
internal abstract class Field<T>(string name, string doc)
{
    public string Name => name;

    /// <summary>What it is, for the schema and the reference page: one or two sentences.</summary>
    public string Doc => doc;

    public bool Required { get; init; }

    public abstract Shape Shape { get; }

    /// <summary>Puts the value that stands at the key into the target.</summary>
    public abstract bool Read(ConfigNode node, ReadContext context, ref T target);

    /// <summary>The node of the value; null when it is the default, which goes without saying.</summary>
    public abstract ConfigNode? Write(T value, T blank);

    /// <summary>The node of the value that holds when the key is left out; null when that is nothing.</summary>
    public abstract ConfigNode? Default(T blank);
}

internal sealed class Field<T, TValue>(
    string name,
    string doc,
    Shape<TValue> shape,
    Func<T, (bool IsSet, TValue Value)> get,
    Func<T, TValue, T> set
) : Field<T>(name, doc)
{
    public override Shape Shape => shape;

    public override bool Read(ConfigNode node, ReadContext context, ref T target)
    {
        if (!shape.TryRead(node, context, out var value))
        {
            return false;
        }

        target = set(target, value);
        return true;
    }

    public override ConfigNode? Write(T value, T blank)
    {
        var (isSet, mine) = get(value);
        var isDefault =
            !Required && get(blank) is (true, var theirs) && EqualityComparer<TValue>.Default.Equals(mine, theirs);
        return isSet && !isDefault ? shape.Write(mine) : null;
    }

    public override ConfigNode? Default(T blank) =>
        !Required && get(blank) is (true, var value) ? shape.Write(value) : null;
}

/// <summary>A field of a part of the target, which stands among the target's own keys.</summary>
internal sealed class LiftedField<T, TPart>(Field<TPart> inner, Func<T, TPart> get, Func<T, TPart, T> set)
    : Field<T>(inner.Name, inner.Doc)
{
    public override Shape Shape => inner.Shape;

    public override bool Read(ConfigNode node, ReadContext context, ref T target)
    {
        var part = get(target);
        if (!inner.Read(node, context, ref part))
        {
            return false;
        }

        target = set(target, part);
        return true;
    }

    public override ConfigNode? Write(T value, T blank) => inner.Write(get(value), get(blank));

    public override ConfigNode? Default(T blank) => inner.Default(get(blank));
}
