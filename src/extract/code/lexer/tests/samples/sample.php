<p>it's <?= $a["b"] ?> markup (</p>
<?php
#[Route('/a', methods: ["GET"])] // it's a comment
# it's another
function b(array $c = []): string {
    $d = 'it\'s "quoted" // no comment';
    $e = "a {$c["d"]} $c[0] {$f->g('h')} \" {i}";
    $j = <<<TEXT
      it's {$c['k']} // no comment
      TEXT . 'l';
    $m = <<<'RAW'
    it's "raw" {$n
    RAW;
    $o = [<<<A
      first (
      A, 'p'];
    $q = `ls "{$e}"`; /* it's */ // ends here ?> don't (
    <?php return $d . "several
lines" . 7 / 2;
}
