namespace Fulcrum.Model.Values;

/// <summary>
/// Where a secret is kept: a file or an environment variable. The model never holds the secret itself,
/// so that nothing which prints a model can print one. Exactly one is set.
/// </summary>
public sealed record SecretReference(string? File, string? Variable)
{
    public override string ToString() => File is not null ? $"file {File}" : $"variable {Variable}";
}
