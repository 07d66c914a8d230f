using Fulcrum.Model.Values;

namespace Fulcrum.Model.Access;

/// <summary>What those may do whose certificate is for such a name.</summary>
/// <param name="Name">A name of the certificate; <c>*</c> stands for any run of characters.</param>
public sealed record ApiClient(string Name, AccessRole Role)
{
    /// <summary>Only objects with such labels.</summary>
    public Selector Select { get; init; } = Selector.Everything;
}
