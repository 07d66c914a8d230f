using Fulcrum.Model.Events;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Hooks;

/// <summary>Somebody outside who is told of what changes on a node.</summary>
public sealed record Hook : INamed
{
    public required string Name { get; init; }

    /// <summary>What it is told of. Nothing: everything.</summary>
    public Items<EventKind> On { get; init; }

    /// <summary>Only what somebody should look at.</summary>
    public bool OnlyBad { get; init; }

    /// <summary>Only events whose subject, <c>backend/web/10.0.0.1:80</c>, is one of these. Nothing: all.</summary>
    public Items<TextPattern> Subjects { get; init; }

    public required HookTarget Target { get; init; }

    /// <summary>For one attempt.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often it is tried until what was to be told is given up.</summary>
    public int Attempts { get; init; } = 5;
}

/// <summary>How a hook is told.</summary>
public abstract record HookTarget;

/// <summary>A program that is started for each telling, and reads it from its standard input.</summary>
public sealed record ProgramHook(Items<string> Command) : HookTarget;

/// <summary>A server that gets a POST for each telling.</summary>
/// <param name="Token">Sent as <c>Authorization: Bearer</c>. Null: nothing is.</param>
public sealed record WebHook(Uri Url, SecretReference? Token) : HookTarget;
