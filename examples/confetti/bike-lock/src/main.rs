fn main() {
    println!("locked");
}
