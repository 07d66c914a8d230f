using Fulcrum.Model.Access;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Operations;

/// <summary>
/// One thing that can be asked of a node or ordered. Routing, access, what is refused before anybody looks at it, the
/// OpenAPI document and the tests all come from this one description.
/// </summary>
/// <param name="Id">Unique, a verb and a noun: <c>list-services</c>.</param>
/// <param name="Method">GET, PUT, PATCH, POST or DELETE.</param>
/// <param name="Path">Below <c>/api/v1</c>: <c>/services/{name}</c>.</param>
/// <param name="Summary">One sentence.</param>
internal sealed record Operation(string Id, string Method, string Path, string Summary)
{
    /// <summary>Where all paths begin.</summary>
    public const string Root = "/api/v1";

    /// <summary>The least that who asks must be.</summary>
    public AccessRole Role { get; init; } = AccessRole.Reader;

    /// <summary>It is about the whole node: whoever may see and change only a part of the objects may not.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Parts of the path first, then the query; any other key in the query is refused.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>Null: it takes none, and one that is sent is not read.</summary>
    public Body? Body { get; init; }

    /// <summary>What it answers when all went well; refusals are problem documents.</summary>
    public required IReadOnlyList<Answer> Answers { get; init; }

    /// <summary>Statuses of refusals that are this operation's own, beside those that any operation may have.</summary>
    public IReadOnlyList<int> Refusals { get; init; } = [];

    /// <summary>Its answer goes on until one side has enough.</summary>
    public bool IsEndless { get; init; }

    public required Func<HttpContext, NodeContext, Task> Handler { get; init; }

    /// <summary>The first word of the path: a chapter of the document.</summary>
    public string Chapter => Path.Split('/')[1];
}
