package loop.rentals;

import java.time.Duration;

/** What a ride costs, and how that is written: once two services. */
final class Prices {
    long of(Duration ride) {
        return 100 + 15 * ride.toMinutes();
    }

    String written(long cents) {
        return String.format("%d,%02d EUR", cents / 100, cents % 100);
    }
}
