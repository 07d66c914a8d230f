using System.Net.Security;
using System.Security.Authentication;
using Fulcrum.Health.Tls;
using Fulcrum.TestKit;

namespace Fulcrum.Health.Tests.Tls;

/// <summary>On which thread it lives, how it dies, and what it survives.</summary>
public sealed class TlsLifeTests(TlsFixture tls) : IClassFixture<TlsFixture>
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void Nothing_runs_on_any_other_thread(SslProtocols version)
    {
        var threads = new HashSet<int>();
        using (new InlineScope())
        {
            using var server = tls.Serve(version: version);
            using var wire = new LoopStream();
            using var client = new SslStream(
                new Watched(wire, threads),
                false,
                (_, certificate, _, _) =>
                {
                    Note(threads);
                    return certificate is not null;
                }
            );
            var done = Converse();
            for (var i = 0; i < 5; i++)
            {
                Exchange(server, wire);
            }

            server.Send("hello"u8);
            Exchange(server, wire);
            Assert.True(done.IsCompletedSuccessfully);

            async Task Converse()
            {
                await client
                    .AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "shop.example.com" })
                    .ConfigureAwait(false);
                Note(threads);
                await client.WriteAsync("hello"u8.ToArray()).ConfigureAwait(false);
                Note(threads);
                Assert.Equal(5, await client.ReadAsync(new byte[10]).ConfigureAwait(false));
                Note(threads);
            }
        }

        Assert.Equal(Environment.CurrentManagedThreadId, Assert.Single(threads));
    }

    [Fact]
    public void It_may_be_disposed_at_any_time_and_leaves_no_fault_unobserved()
    {
        var unobserved = new List<Exception>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs arguments)
        {
            if (arguments.Exception.ToString().Contains("Security", StringComparison.Ordinal))
            {
                unobserved.Add(arguments.Exception);
            }
        }

        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            for (var bytes = 0; bytes < 4000; bytes += 97)
            {
                DisposeAfter(bytes);
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        Assert.Empty(unobserved);
    }

    [Fact]
    public void Before_it_is_started_it_may_be_disposed_and_afterwards_everything_is_dropped()
    {
        var client = new TlsClient(TlsFixture.Load(tls.Trusted));
        client.Dispose();
        client.Dispose();
        client.Feed([1, 2, 3]);
        client.End();
        Assert.Equal((TlsClientState.Ended, 0), (client.State, client.Room));
    }

    [Fact]
    public void Whatever_comes_from_a_server_makes_it_fail_and_not_throw()
    {
        var random = Seeds.NewRandom();
        var settings = TlsFixture.Load(tls.Trusted);
        var ends = new Dictionary<TlsClientState, int>();
        for (var i = 0; i < 400; i++)
        {
            using var server = tls.Serve(version: random.Next(2) == 0 ? SslProtocols.Tls12 : SslProtocols.Tls13);
            using var client = TlsFixture.Start(settings);
            if (random.Next(3) == 0)
            {
                server.Converse(client);
                server.Send(new byte[random.Next(1, 20_000)]);
            }

            for (var turn = 0; turn < 4; turn++)
            {
                FeedInPieces(client, Mutated(server.Answer(client), random), random);
            }

            client.End();
            client.AdvancePlain(client.Plain.Length);
            ends[client.State] = ends.GetValueOrDefault(client.State) + 1;
            Assert.Equal(client.State == TlsClientState.Failed, client.Failure is not null);
        }

        Assert.True(ends.GetValueOrDefault(TlsClientState.Failed) > 100, string.Join(", ", ends));
    }

    private static void FeedInPieces(TlsClient client, byte[] bytes, Random random)
    {
        for (var at = 0; at < bytes.Length && client.Room > 0; )
        {
            var count = Math.Min(Math.Min(random.Next(1, 3000), bytes.Length - at), client.Room);
            client.Feed(bytes.AsSpan(at, count));
            client.AdvancePlain(client.Plain.Length);
            at += count;
        }
    }

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        if (bytes.Length == 0)
        {
            return bytes;
        }

        for (var changes = random.Next(3); changes > 0; changes--)
        {
            // Beginnings are structure, the rest is mostly ciphertext.
            var at = random.Next(random.Next(2) == 0 ? bytes.Length : Math.Min(100, bytes.Length));
            bytes = random.Next(3) switch
            {
                0 => [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]],
                1 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(50))..]],
                _ => [.. bytes[..at], .. bytes[random.Next(at + 1)..]],
            };
            if (bytes.Length == 0)
            {
                break;
            }
        }

        return bytes;
    }

    private void DisposeAfter(int bytes)
    {
        using var server = tls.Serve(version: SslProtocols.Tls13);
        var client = TlsFixture.Start(TlsFixture.Load(tls.Trusted));
        var fed = 0;
        for (var answer = server.Answer(client); answer.Length > 0 && fed < bytes; answer = server.Answer(client))
        {
            var count = Math.Min(bytes - fed, answer.Length);
            client.Feed(answer.AsSpan(0, count));
            fed += count;
        }

        client.Dispose();
        Assert.Equal((TlsClientState.Ended, null), (client.State, client.Failure));
    }

    private static void Exchange(TlsServer server, LoopStream wire)
    {
        var answer = server.Answer(wire.Output);
        wire.AdvanceOutput(wire.Output.Length);
        wire.Feed(answer);
    }

    private static void Note(HashSet<int> threads)
    {
        lock (threads)
        {
            threads.Add(Environment.CurrentManagedThreadId);
        }
    }

    /// <summary>Notes by whom it is used.</summary>
    private sealed class Watched(Stream inner, HashSet<int> threads) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Note(threads);
            return inner.ReadAsync(buffer, cancellationToken);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Note(threads);
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            Note(threads);
            return inner.FlushAsync(cancellationToken);
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => inner.SetLength(value);

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    }
}
