using Fulcrum.Model.Planning;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Sources;

/// <summary>One step of a transaction: an object is put in the place of its namesake, or is removed.</summary>
/// <param name="Object">Null: it is removed.</param>
public sealed record ObjectChange(ObjectKey Key, INamed? Object)
{
    public static ObjectChange Put(INamed item) => new(new(SnapshotSection.KindOf(item).Key, item.Name), item);

    public static ObjectChange Remove(string kind, string name) => new(new(kind, name), null);
}
