export const Page = ({ items, name }: { items: string[]; name: string }) => (
  <main title="it's / a 'title'" className={`a ${name ? 'b' : "c"}`}>
    <p>Don't panic, it's {name}'s page (see https://example.com)</p>
    <Icon name={name} /> or <Icon name={name}/> and/or <b>bold</b>
    <th>(+/-)Adjusted quantity</th>
    {/* it's a comment */}
    {items.map((item) => <li key={item}>{item.replace(/['"]/g, '')}</li>)}
    <></>
  </main>
);
