const App = () => <div onClick={() => go('/a')}>{ok ? <A b={c} /> : <B />}<i>x</i> I don't {know} </div>; // 'e'
