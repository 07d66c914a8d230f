using Fulcrum.Model.Planning;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Sources;

/// <summary>One object as one source brings it; the same entry for as long as the object is the same.</summary>
/// <param name="since">The change of the book with which its source first brought an object of that name.</param>
/// <param name="refusal">Somebody could not carry it out. Goes when the object changes.</param>
internal sealed class Entry(Source source, SnapshotSection section, INamed item, long since, Problem? refusal)
{
    public Source Source => source;

    public SnapshotSection Section => section;

    public INamed Object => item;

    public long Since => since;

    public Problem? Refusal => refusal;

    public ObjectKey Key { get; } = new(section.Key, item.Name);

    public Entry Refused(Problem? problem) => new(source, section, item, since, problem);

    public Finding Error(string message) => ErrorAt(Key, message);

    public static Finding ErrorAt(ObjectKey key, string message) =>
        new(
            new(key.Name.Length > 0 ? [new(key.Kind, 0), new(key.Name, 0)] : [new(key.Kind, 0)]),
            Severity.Error,
            message
        );
}
