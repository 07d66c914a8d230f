namespace Fulcrum.Kernel.Tests.Daemons.Carried;

/// <summary>The tests that share <see cref="CarriedServices"/>.</summary>
[CollectionDefinition]
public sealed class CarriedCollection : ICollectionFixture<CarriedServices>;
