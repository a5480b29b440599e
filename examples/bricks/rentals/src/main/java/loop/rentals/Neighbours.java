package loop.rentals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What the neighbours know: where a ride may end, and who pays for it. */
final class Neighbours {
    private static final String STATIONS = System.getenv("STATIONS_URL") != null ? System.getenv("STATIONS_URL") : "http://stations:8080";
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    String stations() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(STATIONS + "/v1/stations")).timeout(Duration.ofSeconds(2)).GET().build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    void charge(String invoice) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://billing/v1/invoices")).timeout(Duration.ofSeconds(2)).POST(BodyPublishers.ofString(invoice)).build();
        client.send(request, BodyHandlers.discarding());
    }
}
