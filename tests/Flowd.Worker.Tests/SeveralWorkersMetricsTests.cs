using System.Net;
using System.Net.Http;
using System.Text;

namespace Flowd.Tests;

/// <summary>What flowd-metrics makes of the texts of several workers.</summary>
public sealed class SeveralWorkersMetricsTests
{
    private const string One = """
        # HELP flowd_a_total First.
        # TYPE flowd_a_total counter
        flowd_a_total 1
        # HELP flowd_b Second, of "things" {x} = 1.
        # TYPE flowd_b gauge
        flowd_b{exporter="192.0.2.1",rule="accept \"a b\" {"} 2
        flowd_b{exporter="other"} 3

        """;

    private const string Other = """
        # HELP flowd_b Second, of "things" {x} = 1.
        # TYPE flowd_b gauge
        flowd_b{exporter="2001:db8::1"} 4
        # HELP flowd_c Third.
        # TYPE flowd_c gauge
        flowd_c -5

        """;

    [Fact]
    public void Each_family_stands_once_with_the_samples_of_all()
    {
        using var server = new MetricsServer(Encoding.UTF8.GetBytes(Other), Encoding.UTF8.GetBytes(One)) { WorkerText = Encoding.UTF8.GetBytes(One) };
        Assert.Equal("""
            # HELP flowd_a_total First.
            # TYPE flowd_a_total counter
            flowd_a_total{worker="0"} 1
            flowd_a_total{worker="2"} 1
            # HELP flowd_b Second, of "things" {x} = 1.
            # TYPE flowd_b gauge
            flowd_b{worker="0",exporter="192.0.2.1",rule="accept \"a b\" {"} 2
            flowd_b{worker="0",exporter="other"} 3
            flowd_b{worker="1",exporter="2001:db8::1"} 4
            flowd_b{worker="2",exporter="192.0.2.1",rule="accept \"a b\" {"} 2
            flowd_b{worker="2",exporter="other"} 3
            # HELP flowd_c Third.
            # TYPE flowd_c gauge
            flowd_c{worker="1"} -5
            flowd_worker_up 1

            """, Get(server, "/metrics", HttpStatusCode.OK));
        Assert.Equal("ok\n", Get(server, "/healthz", HttpStatusCode.OK));
    }

    [Fact]
    public void One_that_is_not_running_is_named()
    {
        using var server = new MetricsServer(Encoding.UTF8.GetBytes(One)) { WorkerText = null };
        Assert.Equal("worker 0 is not running\n", Get(server, "/healthz", HttpStatusCode.ServiceUnavailable));
        Assert.StartsWith("# HELP flowd_a_total First.\n# TYPE flowd_a_total counter\nflowd_a_total{worker=\"1\"} 1\n", Get(server, "/metrics", HttpStatusCode.OK), System.StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_none_is_running()
    {
        using var server = new MetricsServer([]) { WorkerText = null };
        Assert.Equal("no worker is running\n", Get(server, "/healthz", HttpStatusCode.ServiceUnavailable));
    }

    [Fact]
    public void Garbage_of_a_worker_that_was_taken_over_is_only_garbage()
    {
        using var server = new MetricsServer("\n\0# HELP\n# HELP \n{ 1\nx\n x"u8.ToArray()) { WorkerText = "y 1\n# HELP"u8.ToArray() };
        Get(server, "/metrics", HttpStatusCode.OK);
        Get(server, "/healthz", HttpStatusCode.OK);
    }

    private static string Get(MetricsServer server, string path, HttpStatusCode status)
    {
        using HttpResponseMessage answer = server.Get(path);
        Assert.Equal(status, answer.StatusCode);
        return answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }
}
