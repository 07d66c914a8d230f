using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Configuration.Language;

internal static class BalanceShape
{
    private static readonly ScalarShape<BalanceAlgorithm> Algorithm = Words.Of<BalanceAlgorithm>();

    // A word for what every connection has, or an object that names a field of the metadata.
    private static readonly Shape<HashInput> Hash = new ObjectShape<HashInput>(
        "hash-field",
        "A field of the session's metadata to hash.",
        new HashInput(HashKey.Field, null)
    )
        .Required(
            "field",
            Scalars.Word,
            hash => hash.Field!,
            (hash, field) => hash with { Field = field },
            "Its path: http.headers.x-session."
        )
        .Or(
            Words.From(
                [HashKey.SourceAddress, HashKey.SourceAddressAndPort],
                ["source-address", "source-address-and-port"]
            ),
            key => new HashInput(key, null),
            hash => hash.Key == HashKey.Field ? HashKey.SourceAddress : hash.Key
        );

    public static Shape<Balance> Shape { get; } =
        new ObjectShape<Balance>("balance", "How a backend is chosen.", Balance.Default)
            .Field(
                "algorithm",
                Algorithm,
                balance => balance.Algorithm,
                (balance, value) => balance with { Algorithm = value },
                "The algorithm."
            )
            .Field(
                "hash",
                Hash,
                balance => new HashInput(balance.Hash, balance.HashField),
                (balance, value) => balance with { Hash = value.Key, HashField = value.Field },
                "What of the client the hashing algorithms look at."
            )
            .Or(Algorithm, word => Balance.Default with { Algorithm = word }, balance => balance.Algorithm);

    private sealed record HashInput(HashKey Key, string? Field);
}
