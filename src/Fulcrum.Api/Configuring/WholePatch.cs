using System.Text.Json.Nodes;
using Fulcrum.Api.Problems;
using Fulcrum.Configuration;
using Fulcrum.Engine.Sources;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Sources;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Configuring;

/// <summary>
/// A merge patch over everything that the API made: <c>{ "services": { "web": { ... }, "old": null } }</c>. One
/// transaction, so that objects which lead to each other come and go together.
/// </summary>
internal static class WholePatch
{
    public static async Task<IReadOnlyList<ObjectChange>?> DecideAsync(
        HttpContext context,
        SourceBook book,
        JsonObject patch
    )
    {
        var content = book.ContentOf(Source.Api);
        // Whoever read the whole, or what the API has made, may mean either.
        if (
            !await EntityTag.HoldsAsync(
                context,
                SnapshotWriter.ToJsonObject(content),
                SnapshotWriter.ToJsonObject(book.Snapshot)
            )
        )
        {
            return null;
        }

        var changes = new Dictionary<ObjectKey, ObjectChange>();
        foreach (var (kind, named) in patch)
        {
            if (!ConfigurationPart.Kinds.Contains(kind, StringComparer.Ordinal))
            {
                await context.RefuseUnknownAsync("kind of objects that the API changes", kind, ConfigurationPart.Kinds);
                return null;
            }

            if (named is not JsonObject objects)
            {
                await context.RefuseAsync(StatusCodes.Status400BadRequest, $"{kind} is not an object of names");
                return null;
            }

            var section = SnapshotSection.Find(kind)!;
            foreach (var (name, part) in objects)
            {
                if (part is null)
                {
                    changes[new(kind, name)] = ObjectChange.Remove(kind, name) with
                    {
                        Before = section.Find(content, name),
                    };
                    continue;
                }

                var present = section.Find(content, name) is { } item ? ConfigurationPart.Show(section, item) : null;
                var (made, problems) = ConfigurationPart.Read(new(kind, name), MergePatch.Apply(present, part));
                if (made is null)
                {
                    await ConfigurationOperations.RefuseInvalidAsync(context, problems);
                    return null;
                }

                foreach (var change in ConfigurationOperations.PutAll(book, made))
                {
                    changes[change.Key] = change;
                }
            }
        }

        return [.. changes.Values];
    }
}
