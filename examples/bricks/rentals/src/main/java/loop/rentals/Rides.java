package loop.rentals;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Rides that have begun and not ended. */
public final class Rides {
    private final Map<UUID, Instant> begun = new ConcurrentHashMap<>();
    private final Prices prices = new Prices();

    public UUID start() {
        UUID ride = UUID.randomUUID();
        begun.put(ride, Instant.now());
        return ride;
    }

    public String end(UUID ride) {
        Instant start = begun.remove(ride);
        if (start == null) {
            throw new IllegalArgumentException("no such ride");
        }
        return prices.written(prices.of(Duration.between(start, Instant.now())));
    }
}
