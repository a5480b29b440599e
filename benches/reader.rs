//! How fast a text is read on one core: its line ends alone, its lines counted, its tokens, and all that is known of code.
//!
//! `cargo bench --bench reader`. The first is the speed of reading at all, to hold the others against. For files of real systems see
//! `cargo bench --bench measure -- speed DIR`.

use brickwork::discover::language::Language;
use brickwork::discover::{Kind, Role};
use brickwork::extract;
use brickwork::extract::code::tokens::Collector;
use brickwork::extract::code::{lexer, lines};
use divan::Bencher;
use divan::counter::BytesCount;

const LANGUAGES: [&str; 3] = ["Java", "TypeScript", "Python"];
const LENGTH: usize = 4 << 20;

fn main() {
    divan::main();
}

const JAVA: &str = r#"
/**
 * Orders of a customer; "closed" ones don't count.
 */
@RestController
@RequestMapping("/orders")
public class Orders {
    private final Map<String, List<Item>> items = new HashMap<>(); // by customer

    @GetMapping(value = "/{id}/items", produces = "application/json")
    public List<Item> items(@PathVariable String id, @RequestParam(defaultValue = "20") int limit) {
        if (id == null || id.charAt(0) == '/') {
            throw new IllegalArgumentException("no order \"" + id + "\"");
        }
        return items.getOrDefault(id, List.of()).stream().limit(limit).toList();
    }
}
"#;

const TYPESCRIPT: &str = r#"
import { Router, type Request } from 'express';

/* The prices are in cents. */
const router = Router();
const name = /^[a-z/]+$/i;

router.get('/orders/:id', async (request: Request, response) => {
  const { id } = request.params; // text
  if (!name.test(id)) return response.status(400).json({ message: `no order ${id ?? "at all"}` });
  const total = (await items(id)).reduce((sum, item) => sum + item.price * item.count / 100, 0);
  response.json({ id, total, link: `/orders/${encodeURIComponent(id)}/items?limit=${limit}` });
});
"#;

const PYTHON: &str = r#"
@router.get("/orders/{order_id}", response_model=Order)
async def order(order_id: str, limit: int = 20) -> Order:
    """Looks up an order.

    Closed ones don't count.
    """
    found = await orders.find({'id': order_id, "closed": False})  # the newest first
    if not found:
        raise HTTPException(status_code=404, detail=f"no order {order_id!r} of {len(orders)}")
    return Order(id=order_id, total=sum(item.price * item.count // 100 for item in found.items[:limit]))
"#;

/// A text of about four megabytes.
fn text(name: &str) -> (Language, String) {
    let sample = match name {
        "Java" => JAVA,
        "TypeScript" => TYPESCRIPT,
        _ => PYTHON,
    };
    (Language::from_name(name).expect("in the table"), sample.repeat(LENGTH / sample.len()))
}

#[divan::bench(args = LANGUAGES)]
fn line_ends(bencher: Bencher, name: &str) {
    let (_, text) = text(name);
    bencher.counter(BytesCount::of_str(&text)).bench(|| memchr::memchr_iter(b'\n', text.as_bytes()).count());
}

#[divan::bench(args = LANGUAGES)]
fn line_counts(bencher: Bencher, name: &str) {
    let (language, text) = text(name);
    bencher.counter(BytesCount::of_str(&text)).bench(|| lines::count(language, &text));
}

#[divan::bench(args = LANGUAGES)]
fn tokens(bencher: Bencher, name: &str) {
    let (language, text) = text(name);
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let mut collector = Collector::new(language, &text);
        lexer::read(language, text.as_bytes(), &mut collector);
        collector.finish()
    });
}

#[divan::bench(args = LANGUAGES)]
fn code(bencher: Bencher, name: &str) {
    let (language, text) = text(name);
    let kind = Kind { language: Some(language), role: Role::Production };
    bencher.counter(BytesCount::of_str(&text)).bench(|| extract::file(kind, "src/orders", text.as_bytes()));
}
